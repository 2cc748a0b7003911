#!/usr/bin/env node
// Finds a Node.js that runs TypeScript, then the command line itself.
import { spawn } from 'node:child_process'
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'
import { findNode } from '../../setup/node.mjs'

try {
  const node = findNode()
  if (node === process.execPath) {
    // Keeps compiled code, types stripped, between starts; where the folder cannot be written it does without.
    module.enableCompileCache(
      fileURLToPath(new URL('../../node_modules/.cache/warren', import.meta.url)),
    )
    await import('../main.ts')
  } else restart(node)
} catch (error) {
  process.stderr.write(`warren: ${error.message}\n`)
  process.exitCode = 1
}

function restart(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
    process.exit()
  })
}
