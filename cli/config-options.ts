import type { Command } from 'commander'
import { readUpConfig, type UpConfig } from './up/config.ts'

export interface ConfigOptions {
  readonly config?: string
  readonly dataDir?: string
}

/** Options of a command that needs the settings of `warren up`. */
export const withConfigOptions = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'YAML file with settings')
    .option('-d, --data-dir <folder>', 'data folder (WARREN_DATA_DIR, ./data)')

export const configOf = ({ config, dataDir }: ConfigOptions): UpConfig =>
  readUpConfig({ file: config, flags: { dataDir } })
