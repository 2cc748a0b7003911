import { resolve } from 'node:path'
import { ensureAdmin } from '@warren/api/auth/ensure-admin'
import { openCatalog } from '@warren/stores/catalog/open'
import { openDataFolder } from '../data-folder/open.ts'
import { readRun } from '../data-folder/run-file.ts'
import { generatePassword, writeAdminPassword } from '../up/admin-password.ts'
import type { UpConfig } from '../up/config.ts'
import { type OpenCatalog, openUpCatalog } from '../up/stores.ts'

/** The catalog of the Warren that runs on the folder, or the folder's own, started for the moment. */
async function openAnyCatalog(config: UpConfig): Promise<OpenCatalog> {
  const run = readRun(resolve(config.dataDir))
  if (run !== undefined) {
    const catalog = await openCatalog({ url: run.catalogUrl })
    return { catalog, url: run.catalogUrl, close: () => catalog.close() }
  }
  const folder = await openDataFolder(config.dataDir, () => undefined)
  const opened = await openUpCatalog(config, folder)
  return {
    ...opened,
    close: async () => {
      await opened.close()
      folder.release()
    },
  }
}

/** Gives `admin` a new password, ends the sessions of the old one, and lifts a lock-out. Returns the password. */
export async function resetPassword(config: UpConfig): Promise<string> {
  const password = config.adminPassword?.reveal() ?? generatePassword()
  const opened = await openAnyCatalog(config)
  try {
    await ensureAdmin({ catalog: opened.catalog, password })
    await opened.catalog.users.resetFailures('admin')
    writeAdminPassword(resolve(config.dataDir), password)
    return password
  } finally {
    await opened.close()
  }
}
