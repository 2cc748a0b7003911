import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SecretFile } from './secrets.ts'

export interface WriteSecretsOptions {
  /** Holds a folder for each volume. */
  readonly folder: string
  readonly make: () => readonly SecretFile[]
  readonly own?: (path: string, uid: number, gid: number) => void
}

/** Writes the secrets of an installation, each readable by the user of its container alone. All or nothing: they belong together, so a later start keeps them, and one that was cut short is done again.
 *  Returns whether it wrote. */
export function writeSecrets({ folder, make, own = chownSync }: WriteSecretsOptions): boolean {
  const marker = join(folder, 'warren', 'written')
  if (existsSync(marker)) return false
  for (const { path, text, uid } of make()) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    rmSync(file, { force: true })
    writeFileSync(file, text, { mode: 0o400, flush: true })
    own(file, uid, uid)
  }
  writeFileSync(marker, '', { flush: true })
  return true
}
