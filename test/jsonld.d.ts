/** As far as the tests use it; the package brings no types. */
declare module 'jsonld' {
  interface Options {
    /** Fetches a document by its address. */
    documentLoader?: (url: string) => Promise<never>
    /** Refuses what would be left out. */
    safe?: boolean
  }
  const jsonld: {
    expand(document: object, options?: Options): Promise<Record<string, unknown>[]>
    toRDF(document: object, options?: Options & { format?: 'application/n-quads' }): Promise<string>
  }
  export default jsonld
}
