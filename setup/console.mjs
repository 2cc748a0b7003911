import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withNode } from './node.mjs'
import { must, root, say } from './run.mjs'

const folder = join(root, 'dashboards', 'console')
const stamp = join(folder, 'dist', '.sources')

function* filesBelow(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue
    const child = join(path, entry.name)
    if (entry.isDirectory()) yield* filesBelow(child)
    else yield child
  }
}

function sourcesHash() {
  const hash = createHash('sha256')
  for (const path of [
    ...filesBelow(folder),
    ...filesBelow(join(root, 'packages', 'contracts')),
    join(root, 'package-lock.json'),
  ].sort())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

/** Builds the console into its dist folder, unless these very sources are built there. */
export async function buildConsole(node) {
  const hash = sourcesHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  say('building the console …')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  await must(node, [vite, 'build', '--logLevel', 'warn', folder], { env: withNode(node) })
  writeFileSync(stamp, hash)
}
