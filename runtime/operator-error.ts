/** What keeps the server from running and the operator can put right: its message is a sentence that says what and how. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}
