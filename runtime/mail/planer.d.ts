declare module 'planer' {
  /** The message without its quotation. `document` is needed for HTML alone. */
  function extractFrom(message: string, contentType: 'text/plain'): string
  export default { extractFrom }
}
