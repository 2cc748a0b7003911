import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, root, run, say } from './run.mjs'

const stamp = join(root, 'node_modules', '.warren-lock')

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')

/** Installs what package-lock.json names, unless that has been done. No install script runs. */
export async function installDependencies() {
  const hash = lockHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  say('installing dependencies (npm ci), a minute the first time …')
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  // A program that writes below node_modules meanwhile makes npm leave it half removed (ENOTEMPTY): the second try starts from what is left.
  if ((await run('npm', words)) !== 0) await must('npm', words)
  writeFileSync(stamp, hash)
}
