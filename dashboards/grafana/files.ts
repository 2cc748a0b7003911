import { hostOverview } from './dashboards/host-overview.ts'
import { logs } from './dashboards/logs.ts'
import { dashboardsFile, dataSourcesFile } from './provisioning.ts'

const toJson = (dashboard: { build(): unknown }): string =>
  `${JSON.stringify(dashboard.build(), null, 2)}\n`

/** Everything that is generated: path below `generated/`, and text. */
export const generatedFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['dashboards/host-overview.json', toJson(hostOverview())],
    ['dashboards/logs.json', toJson(logs())],
    ['provisioning/datasources/warren.yaml', dataSourcesFile],
    ['provisioning/dashboards/warren.yaml', dashboardsFile],
  ])
