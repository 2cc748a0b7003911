import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { decideRabbitmq, declined, isYes, packages, server } from './rabbitmq-decision.mjs'
import { must, run, SetupError, say } from './run.mjs'

const policyFile = '/usr/sbin/policy-rc.d'
const units = ['rabbitmq-server.service', 'epmd.service', 'epmd.socket']

const isDebian = () => {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

const quiet = { stdio: 'ignore' }

/** systemctl enables and disables units also where systemd does not run, as in a container or an image. */
const hasSystemctl = () => ['/usr/bin/systemctl', '/bin/systemctl'].some((file) => existsSync(file))
const now = () => (existsSync('/run/systemd/system') ? ['--now'] : [])

/** The units that are enabled now; without systemd, none. */
async function enabledUnits() {
  const enabled = new Set()
  if (!hasSystemctl()) return enabled
  for (const unit of units)
    if ((await run('systemctl', ['is-enabled', unit], quiet)) === 0) enabled.add(unit)
  return enabled
}

/** Takes back what the packages' scripts enabled by themselves. */
async function disableNewUnits(before) {
  if (hasSystemctl()) {
    for (const unit of units)
      if (!before.has(unit)) await run('systemctl', ['disable', ...now(), unit], quiet)
  } else if (existsSync('/usr/sbin/update-rc.d')) {
    await run('update-rc.d', ['rabbitmq-server', 'disable'], quiet)
  }
}

/** Installs packages so that none of their services starts: Debian's scripts ask policy-rc.d first. */
async function installWithoutServices() {
  const before = await enabledUnits()
  const own = !existsSync(policyFile)
  if (own) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  try {
    await must('apt-get', ['update', '-q'], { env })
    await must('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], { env })
  } finally {
    if (own) rmSync(policyFile, { force: true })
    await disableNewUnits(before)
  }
}

async function ask() {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await prompt.question('Install it now? [Y/n] ')
  prompt.close()
  return isYes(answer)
}

const probe = () => ({
  env: process.env,
  installed: existsSync(server),
  debian: isDebian(),
  root: process.getuid?.() === 0,
  terminal: process.stdin.isTTY === true,
})

/** Makes sure that Warren has a RabbitMQ: an address, an installed one, or one installed now with consent. */
export async function findRabbitmq({ yes }) {
  const decision = decideRabbitmq({ ...probe(), yes })
  if (decision.action === 'use') return
  if (decision.action === 'refuse') throw new SetupError(decision.message)
  say(decision.message)
  if (decision.action === 'ask' && !(await ask())) throw new SetupError(declined)
  await installWithoutServices()
  if (!existsSync(server)) throw new SetupError(`the package is installed, but ${server} is absent`)
}
