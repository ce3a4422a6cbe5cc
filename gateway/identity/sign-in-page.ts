/** The page on which a sample user is chosen: without scripts, without a password. */
import type { SampleUser } from './sample-users.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const button = ({ id, name, roles, regions }: SampleUser): string =>
  `<p><button name="user" value="${escaped(id)}">${escaped(name)}</button> ${escaped(`${roles.join(', ')} · ${regions.join(', ')}`)}</p>`;

/** @param action where the choice is sent */
export const signInPage = (action: string, users: readonly SampleUser[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Joint credit hub: sample users</title>
<body style="font-family: sans-serif; max-width: 40em; margin: 3em auto">
<h1>Sign in as · 示例用户登录</h1>
<p>Invented people, for evaluation only. 仅供评估,人物均为虚构。</p>
<form method="post" action="${escaped(action)}">
${users.map(button).join('\n')}
</form>
</body>
</html>
`;
