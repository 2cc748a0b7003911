import { settingsOf } from '@warren/platform/plugin'
import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'
import * as logStores from './logs/index.ts'
import * as metricStores from './metrics/index.ts'

/** Of a service in a process of its own that needs the catalog. */
export const catalogSettings = { catalogUrl: secretSchema.describe('`postgres://` address') }

/** Of a service in a process of its own that reads or writes the stores. */
export const storeSettings = {
  ...catalogSettings,
  metricStore: settingsOf(metricStores),
  logStore: settingsOf(logStores),
  dataDir: z
    .string()
    .default('./data')
    .describe('Of embedded stores, which one process alone can open, and of `rules.yaml`'),
}
