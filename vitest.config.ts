import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Facts that some suites are checked against; not part of the project. */
const shared = resolve(process.env['WARREN_SHARED'] ?? '../shared')
const hasShared = existsSync(shared)
process.env['WARREN_SHARED'] = shared
if (!hasShared && process.env['VITEST_WORKER_ID'] === undefined)
  process.stderr.write(
    `WARREN_SHARED: no folder ${shared}; the *.shared.test.ts, *.shared.int.test.ts and *.shared.servers.test.ts suites are not collected\n`,
  )

const exclude = [
  '**/node_modules/**',
  '**/dist/**',
  ...(hasShared
    ? []
    : ['**/*.shared.test.ts', '**/*.shared.int.test.ts', '**/*.shared.servers.test.ts']),
]
const isExternal = process.env['WARREN_TEST_SHAPE'] === 'external'
const servers = ['**/*.int.test.ts', '**/*.servers.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...exclude, ...servers],
          testTimeout: 20_000,
          // Most of a process of its own for each file would go to loading the same modules; these tests keep no state in them.
          isolate: false,
        },
      },
      {
        // RabbitMQ and the embedded stores only.
        test: {
          name: 'int',
          include: ['**/*.int.test.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        // InfluxDB, Elasticsearch, PostgreSQL, VictoriaMetrics.
        test: {
          name: 'servers',
          include: ['**/*.servers.test.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          // How `warren up` starts, fails and ends does not depend on where its stores are.
          exclude: isExternal ? [...exclude, 'e2e/up-*.e2e.ts'] : exclude,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Platforms on ports and folders of their own, which mostly wait for something to come back.
          maxWorkers: 2,
        },
      },
    ],
  },
})
