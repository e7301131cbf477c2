/** The layers of ARCHITECTURE.md. Types count as imports too. `npm run check:layers` */

const own = '^(dsl|engine|runtime)/'

const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** A package, wherever npm has put it. */
const npm = (...names) => `node_modules/(${names.join('|')})/`

module.exports = {
  forbidden: [
    never('no-cycles', 'two files that import each other are one idea cut in the wrong place', {}, { circular: true }),
    never('nothing-missing', 'an import leads nowhere', {}, { couldNotResolve: true }),
    never(
      'declared-packages',
      'a package comes with another one by chance: put it into package.json',
      { path: own },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'] },
    ),
    never(
      'engine-is-pure',
      'the engine imports no other folder of ours',
      { path: '^engine/' },
      { path: '^(dsl|runtime|test|bench|examples)/' },
    ),
    never(
      'engine-does-no-io',
      'no clock, no randomness, no I/O in the engine',
      { path: '^engine/' },
      {
        dependencyTypes: ['core'],
      },
    ),
    never(
      'dsl-knows-the-definition',
      'of the engine, dsl imports what it makes alone: the types and constants of a definition, the types of a scenario',
      { path: '^dsl/' },
      { path: '^(engine|runtime|test|bench|examples)/', pathNot: '^engine/(definition|simulate/scenario)\\.ts$' },
    ),
    never(
      'no-tests-in-the-product',
      'the product imports no test and no bench',
      { path: own },
      { path: '^(test|bench)/' },
    ),
    never(
      'http-without-store',
      'pages and API reach data through ports alone',
      { path: '^runtime/http/' },
      {
        path: '^runtime/store/',
      },
    ),
    never(
      'http-through-ports',
      'pages and API know of the runtime what its root files and other folders’ ports say',
      { path: '^runtime/http/' },
      { path: '^runtime/(cases|jobs|vault|mail|sandbox|cli)/' },
    ),
    never(
      'sandbox-stands-alone',
      'the world outside knows nothing of the server but its templates',
      { path: '^runtime/sandbox/' },
      {
        path: '^(engine|dsl|runtime)/',
        pathNot: '^runtime/(sandbox/|http/(html|request-body)\\.ts$|(clock|log|operator-error|refusal)\\.ts$)',
      },
    ),
    never(
      'sandbox-for-the-demo',
      'only the demo brings the sandbox',
      { path: own, pathNot: '^runtime/(sandbox|cli)/' },
      {
        path: '^runtime/sandbox/',
      },
    ),
    never(
      'one-composition-root',
      'only the command line starts the server',
      { path: own, pathNot: '^runtime/(cli/|assembly/|main\\.ts$)' },
      {
        path: '^runtime/(main\\.ts$|assembly/)',
      },
    ),
    never(
      'knex-in-store',
      'knex is the store’s matter',
      { path: own, pathNot: '^runtime/store/' },
      { path: npm('knex') },
    ),
    never(
      'koa-in-http',
      'Koa is the matter of http and sandbox',
      { path: own, pathNot: '^runtime/(http|sandbox)/' },
      {
        path: npm('koa', '@types/koa', '@koa/router'),
      },
    ),
    never(
      'xstate-in-two-files',
      'a case runs in one place',
      { path: own, pathNot: '^engine/(machine|decide)\\.ts$' },
      {
        path: npm('xstate'),
      },
    ),
    never(
      'chevrotain-in-dsl',
      'parsing is the matter of dsl',
      { path: own, pathNot: '^dsl/' },
      { path: npm('chevrotain') },
    ),
    never('yaml-in-dsl', 'YAML is read in dsl', { path: own, pathNot: '^dsl/' }, { path: npm('yaml') }),
    never(
      'protocol-in-lsp',
      'the editors’ protocol is the matter of runtime/lsp; the answers are dsl/language-service',
      { path: own, pathNot: '^runtime/lsp/' },
      { path: npm('vscode-languageserver', 'vscode-languageserver-textdocument') },
    ),
    never(
      'no-own-index',
      'no file imports its own folder’s index',
      { path: '^(.+)/[^/]+\\.ts$' },
      { path: '^$1/index\\.ts$' },
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts'],
    },
  },
}
