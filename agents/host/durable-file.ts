import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Replaces a file so that after a crash it holds the old text or the new, whole. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const staging = `${path}.new`
  const handle = await open(staging, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(staging, path)
  await sync(dirname(path))
}
