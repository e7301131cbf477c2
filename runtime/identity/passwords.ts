import { randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** Argon2id with the costs that OWASP's password storage sheet names: 19 MiB, two passes, one lane. */
const costs = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Longer ones are refused before they cost anything. */
export const longestPassword = 200
export const shortestPassword = 10

/** A password's argon2id hash in PHC form, salt and costs included. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, costs)
}

let nobody: Promise<string> | undefined

/**
 * Whether `password` is the one that was hashed. Without a hash it takes as long and says no, so that the time of an
 * answer does not tell whether there is such a person.
 */
export async function passwordMatches(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword(generatePassword())
  const matches = await verify(passwordHash ?? (await nobody), password)
  return matches && passwordHash !== undefined
}

const consonants = 'bdfghjklmnprstvz'
const vowels = 'aeiou'

/** A password to read out or copy from paper: five groups of two syllables, 63 bits of chance. */
export function generatePassword(): string {
  const syllable = () => `${consonants[randomInt(consonants.length)]}${vowels[randomInt(vowels.length)]}`
  return Array.from({ length: 5 }, () => syllable() + syllable()).join('-')
}
