import { join } from 'node:path'
import { configSchema as agentSchema } from '@warren/agent-host/config'
import { configSchema as analyzerSchema } from '@warren/analyzer/config'
import { configSchema as apiSchema } from '@warren/api/config'
import { configSchema as collectorSchema } from '@warren/collector/config'
import { toEditorSchema, toReference } from '@warren/platform/config/reference'
import { configSchema as pollerSchema } from '@warren/poller/config'
import { upSchema } from '../up/config.ts'

const introduction = `# Configuration

Generated from the schemas that the programs read their settings with, by \`node cli/commands/config-generate.ts\`.

Settings come from a YAML file (\`--config FILE\`, or \`WARREN_CONFIG\`), then from variables, then from flags; the last one wins. A setting that
is unknown is an error, and every error is shown before anything starts.

- A variable is the path of its setting: \`poller.batch.maxItems\` is \`WARREN_POLLER__BATCH__MAX_ITEMS\`.
- \`WARREN_X_FILE\` takes the value of \`WARREN_X\` from a file, without the line end: for secrets.
- A list is JSON, or for plain texts their sequence with commas.
- A meaning that begins with a name, as (\`influx1\`), is of a setting that only this alternative has.

Editors that know YAML schemas check the file of \`warren up\` with [warren.schema.json](warren.schema.json) when it begins with
\`# yaml-language-server: $schema=docs/warren.schema.json\`.
`

const sections = [
  {
    title: 'warren up',
    about: 'Every service in one process, with the stores and the broker that it needs.',
    schema: upSchema,
  },
  {
    title: 'Host agent',
    about: 'In a process of its own on a host that is watched: `node agents/host/start.mjs`.',
    schema: agentSchema,
  },
  {
    title: 'Poller',
    about: 'In a process of its own: `node --max-semi-space-size=2 poller/start.mjs`.',
    schema: pollerSchema,
  },
  {
    title: 'Collector',
    about: 'In a process of its own: `node collector/main.ts`.',
    schema: collectorSchema,
  },
  {
    title: 'Analyzer',
    about: 'In a process of its own: `node analyzer/main.ts`.',
    schema: analyzerSchema,
  },
  {
    title: 'Api',
    about: 'In a process of its own: `node --max-semi-space-size=8 api/start.mjs`.',
    schema: apiSchema,
  },
]

const sectionOf = ({ title, about, schema }: (typeof sections)[number]): string =>
  `\n## ${title}\n\n${about}\n\n${toReference(schema)}\n`

const docs = join(import.meta.dirname, '..', '..', 'docs')

/** The files that are made of the schemas: their paths and contents. */
export const configurationFiles = (): ReadonlyMap<string, string> =>
  new Map([
    [join(docs, 'configuration.md'), introduction + sections.map(sectionOf).join('')],
    [
      join(docs, 'warren.schema.json'),
      `${JSON.stringify({ title: 'Settings of warren up', ...toEditorSchema(upSchema) }, null, 2)}\n`,
    ],
  ])
