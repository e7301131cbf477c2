/** Names as they are spread: some in each hundred, others seldom. The most frequent ones are of a fifth and a tenth of all. */
const firstNames = ['Anna', 'Jan', 'Maria', 'Piotr', 'Zofia', 'Adam', 'Ewa', 'Tomasz', 'Barbara', 'Kazimierz']
const lastNames = ['Nowak', 'Kowalska', 'Wiśniewska', 'Lewandowski', 'Zielińska', 'Mazur', 'Krawczyk', 'Grabowska']
const endings = ['ska', 'wicz', 'czyk', 'ek', 'iak', 'owska']
const syllables = ['ba', 'ce', 'do', 'gu', 'ha', 'ja', 'ko', 'lu', 'mi', 'no', 'pa', 'ry', 'si', 'to', 'wu', 'za']

export function nameOf(index: number): string {
  const first = index % 5 === 0 ? 0 : 1 + (mixed(index) % (firstNames.length - 1))
  return `${firstNames[first]} ${lastNameOf(index)}`
}

/** Of four people one has a frequent last name; the others share some ten thousand. */
function lastNameOf(index: number): string {
  const place = mixed(index + 7)
  if (index % 10 === 5 || index % 50 === 10) return lastNames[0] as string
  if (place % 4 === 0) return lastNames[1 + (place % (lastNames.length - 1))] as string
  const parts = [0, 4, 8].map((shift) => syllables[(place >>> shift) & 15])
  const name = `${parts.join('')}${endings[place % endings.length]}`
  return name.charAt(0).toUpperCase() + name.slice(1)
}

export function emailOf(index: number): string {
  return `client${index}@client.example`
}

export function phoneOf(index: number): string {
  return `+48 ${500_000_000 + index}`
}

/** The same for the same number, and like chance from one to the next. */
function mixed(index: number): number {
  let value = Math.imul(index ^ (index >>> 15), 0x2c1b3c6d)
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39)
  return (value ^ (value >>> 15)) >>> 0
}
