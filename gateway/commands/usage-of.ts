/** What is shown of the usage to somebody whose words were wrong: that of the command, where there is such a one. Pure. */
export function usageOf(usage: string, command: string | undefined): string {
  const [heading = '', ...commands] = usage.split(/\n(?= {2}\S)/);
  const own = commands.filter((each) => each.startsWith(`  ${command ?? ''} `));
  return own.length === 0 ? usage : [heading, ...own].join('\n');
}
