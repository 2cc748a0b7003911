import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

function sync(folder: string): void {
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** Replaces a file that only its owner may read, so that after a crash or a loss of power it holds the old text or the new, whole; the new once this has returned. */
export function replaceFile(path: string, text: string): void {
  const next = `${path}.new`
  // What a crash left could be readable by others.
  rmSync(next, { force: true })
  writeFileSync(next, text, { mode: 0o600, flush: true })
  renameSync(next, path)
  sync(dirname(path))
}
