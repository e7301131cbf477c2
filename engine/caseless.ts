/**
 * What finds `part` in a text as `lower(text) contains part` does, without making the lower-case text; undefined where only
 * that will do. A search that ignores case is the same for ASCII words, but for two letters which `lower` turns into ASCII:
 * the Kelvin sign into `k`, and `İ` into `i` with a dot after it, so that it can only be the end of such a word.
 */
export function caselessSearch(part: string): RegExp | undefined {
  if (!/^[ -~]+$/.test(part) || part !== part.toLowerCase() || part.includes('k') || part.endsWith('i'))
    return undefined
  return new RegExp(part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'i')
}
