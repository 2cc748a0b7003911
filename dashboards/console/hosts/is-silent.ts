import type { HostSummary } from './host-queries.ts'

/** A host is silent when it has missed this much: four intervals and a little. */
const silentMs = 45_000

export const isSilent = ({ lastSeen }: HostSummary): boolean => Date.now() - lastSeen > silentMs
