/** Every description of the public graph is bilingual: English, then 中文. */
export function bilingual(english: string, chinese: string): { readonly description: string } {
  return { description: `${english} ${chinese}` };
}
