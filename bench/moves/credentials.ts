/** Of every node that a bench starts. */
export const masterKey = 'b'.repeat(64)
export const clerk = { login: 'bench', password: 'bench-password' }
