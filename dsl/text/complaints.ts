import type { IParserErrorMessageProvider } from 'chevrotain'
import type { Complaint } from './expected.ts'

/** Keeps what Chevrotain would have put into its own words. */
export function collectInto(complaints: Complaint[]): IParserErrorMessageProvider {
  return {
    buildMismatchTokenMessage: ({ expected, actual, previous, ruleName }) => {
      complaints.push({ actual, previous, expected: [expected], ruleName })
      return ''
    },
    buildNotAllInputParsedMessage: ({ firstRedundant, ruleName }) => {
      complaints.push({ actual: firstRedundant, previous: firstRedundant, expected: [], ruleName })
      return ''
    },
    buildNoViableAltMessage: ({ expectedPathsPerAlt, actual, previous, ruleName }) => {
      const expected = expectedPathsPerAlt.flatMap((paths) => paths.flatMap((path) => path.slice(0, 1)))
      if (actual[0]) complaints.push({ actual: actual[0], previous, expected, ruleName })
      return ''
    },
    buildEarlyExitMessage: ({ expectedIterationPaths, actual, previous, ruleName }) => {
      const expected = expectedIterationPaths.flatMap((path) => path.slice(0, 1))
      if (actual[0]) complaints.push({ actual: actual[0], previous, expected, ruleName })
      return ''
    },
  }
}
