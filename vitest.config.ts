import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], more: object = {}) => ({
  test: { name, include, testTimeout: 60_000, hookTimeout: 120_000, ...more },
})

/** Tests by what they need: nothing, an embedded Postgres, system mail servers, Patroni and etcd, a browser. */
export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        [
          'test/corpus/**/*.test.ts',
          'test/dsl/**/*.test.ts',
          'test/engine/**/*.test.ts',
          'test/runtime/**/*.test.ts',
          'test/*.test.ts',
        ],
        {
          globalSetup: ['test/postgres.ts'],
        },
      ),
      project('requirements', ['test/requirements/**/*.test.ts'], { globalSetup: ['test/postgres.ts'] }),
      project('integration', ['test/integration/**/*.test.ts'], {
        globalSetup: ['test/postgres.ts'],
        fileParallelism: false,
      }),
      project('ha', ['test/ha/**/*.test.ts'], { globalSetup: ['test/ha/packages.ts'], fileParallelism: false }),
      project('browser', ['test/browser/**/*.test.ts'], { globalSetup: ['test/postgres.ts'], fileParallelism: false }),
    ],
  },
})
