/** A tree is printed only where all of its file could be read: what could not be read has no words. */
export function unreadable(): never {
  throw new TypeError('a file with problems can not be printed')
}
