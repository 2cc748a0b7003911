import { toDataset } from '../records/dataset.ts'

/** https://www.elastic.co/docs/reference/fleet/data-streams#data-streams-naming-scheme */
const dataStream = /^(?:logs|metrics|traces|synthetics)-([^-]+)-[^-]+$/
/** A date, as shippers put it behind a name, by year, month, week, day or hour. */
const date = /[-_.]\d{4}(?:[-_.]\d{2}){0,3}$/
const rollover = /-\d{6}$/
const version = /[-_]v?\d+\.\d+(?:\.\d+)?$/

/** The dataset that an index or data stream stands for: the middle part of a data stream's name, else the name without rollover number, date and version. */
export function datasetOfIndex(index: string): string {
  const [, dataset] = dataStream.exec(index) ?? []
  return toDataset(dataset ?? index.replace(rollover, '').replace(date, '').replace(version, ''))
}
