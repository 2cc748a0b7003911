import type { Health } from '@warren/contracts/http/status'

/** A service that runs: in a process of its own, or beside others in `warren up`. Services are strangers to each other. */
export interface RunningService {
  /** Rejects when the service failed and will do no more work; resolves after `close`. */
  readonly ended: Promise<void>
  /** The service and each thing it depends on, by name, with the reason when not green. Never throws, never waits for what it reports. */
  health(): readonly Health[]
  /** Stops taking work, finishes or hands back what it holds within `deadlineMs` of its configuration, releases everything. Safe to call twice. */
  close(): Promise<void>
}
