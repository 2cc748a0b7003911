import type { CloudifyDeployments } from '@warren/stores/catalog/catalog'

const hitMs = 60_000
/** So that a deployment that was just made known is taken soon. */
const missMs = 5000
/** Senders choose the names. */
const maxRemembered = 10_000

interface Answer {
  readonly isKnown: boolean
  readonly at: number
}

/** Asks the catalog now and then; what was known stays known while the catalog is away. Throws as the catalog does for what it never answered. */
export function createKnownDeployments(
  deployments: Pick<CloudifyDeployments, 'has'>,
  now: () => number = Date.now,
) {
  const answers = new Map<string, Answer>()
  const ask = async (key: string, asked: Promise<boolean>): Promise<boolean> => {
    const isKnown = await asked
    if (answers.size >= maxRemembered) answers.clear()
    answers.set(key, { isKnown, at: now() })
    return isKnown
  }
  return async (tenant: string, deployment: string): Promise<boolean> => {
    // A tenant has no space.
    const key = `${tenant} ${deployment}`
    const last = answers.get(key)
    if (last === undefined) return ask(key, deployments.has(tenant, deployment))
    if (now() - last.at < (last.isKnown ? hitMs : missMs)) return last.isKnown
    return ask(key, deployments.has(tenant, deployment)).catch((error: unknown) => {
      if (last.isKnown) return true
      throw error
    })
  }
}
