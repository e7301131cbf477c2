import about from '../package.json' with { type: 'json' }

/** The version of this program, as it is published. */
export const version: string = about.version
