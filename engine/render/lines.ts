/** Words broken into lines of at most `width` characters, between words where that is possible. */
export function inLines(words: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words.split(' ').flatMap((each) => pieces(each, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function pieces(word: string, width: number): string[] {
  if (word.length <= width) return [word]
  const letters = [...word]
  return Array.from({ length: Math.ceil(letters.length / width) }, (_, index) =>
    letters.slice(index * width, (index + 1) * width).join(''),
  )
}
