const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Functions of the universe that read no bucket and reach nothing outside of their input: https://docs.influxdata.com/flux/v0/stdlib/universe/
 *  Left out are `to`, `cardinality`, and what takes an address, a file or a secret. */
export const functions = words(`
  aggregateWindow bool bottom bytes chandeMomentumOscillator columns contains count cov covariance cumulativeSum
  derivative difference display distinct doubleEMA drop duplicate duration elapsed exponentialMovingAverage fill
  filter findColumn findRecord first float getColumn getRecord group highestAverage highestCurrent highestMax
  histogram histogramQuantile holtWinters hourSelection increase int integral join kaufmansAMA kaufmansER keep
  keys keyValues last length limit linearBins logarithmicBins lowestAverage lowestCurrent lowestMin map max mean
  median min mode movingAverage now pearsonr pivot quantile range reduce relativeStrengthIndex rename sample set
  skew sort spread stateCount stateDuration stateTracking stddev string sum tableFind tail time
  timedMovingAverage timeShift timeWeightedAvg today toBool toFloat toInt toString toTime toUInt top tripleEMA
  tripleExponentialDerivative truncateTimeColumn uint union unique window yield
`)

/** Those among them that may stand where a function is wanted, as in `fn: mean`; a source never may. */
export const selectable = words(`
  count distinct first integral last max mean median min mode quantile skew spread stddev sum unique
`)

export const constants = words('true false inf')

export interface Package {
  readonly functions: ReadonlySet<string>
  readonly constants: ReadonlySet<string>
  /** Functions of it that read the bucket they name. */
  readonly readers: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()
const pure = (calls: string, constants = ''): Package => ({
  functions: words(calls),
  constants: constants === '' ? none : words(constants),
  readers: none,
})

const schema: Package = {
  functions: words('fieldsAsCols'),
  constants: none,
  readers: words(
    'fieldKeys measurementFieldKeys measurements measurementTagKeys measurementTagValues tagKeys tagValues',
  ),
}

/** The only packages that may be imported, by path: https://docs.influxdata.com/flux/v0/stdlib/ */
export const packages: ReadonlyMap<string, Package> = new Map([
  ['influxdata/influxdb/schema', schema],
  ['influxdata/influxdb/v1', schema],
  ['array', pure('concat filter from map')],
  [
    'date',
    pure(`
      add hour microsecond millisecond minute month monthDay nanosecond quarter scale second sub time truncate week
      weekDay year yearDay`),
  ],
  ['dict', pure('fromList get insert remove')],
  ['interpolate', pure('linear')],
  ['join', pure('full inner left right tables time')],
  [
    'math',
    pure(
      `abs acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh dim erf erfc exp exp2 expm1 float64bits
       floor gamma hypot isInf isNaN log log10 log1p log2 logb max mInf min mod modf NaN pow remainder round
       roundtoeven sign signbit sin sincos sinh sqrt tan tanh trunc`,
      'e ln10 ln2 log10e log2e maxfloat maxint maxuint minint phi pi sqrt2 sqrte sqrtphi sqrtpi',
    ),
  ],
  [
    'regexp',
    pure(
      'compile findString findStringIndex getString matchRegexpString quoteMeta replaceAllString splitRegexp',
    ),
  ],
  ['sampledata', pure('bool float int numericBool string uint')],
  [
    'strings',
    pure(`
      compare containsAny containsStr countStr equalFold hasPrefix hasSuffix index indexAny isDigit isLetter isLower
      isUpper joinStr lastIndex lastIndexAny repeat replace replaceAll split splitAfter splitAfterN splitN strlen
      substring title toLower toTitle toUpper trim trimLeft trimPrefix trimRight trimSpace trimSuffix`),
  ],
  ['timezone', pure('fixed location', 'utc')],
  ['types', pure('isNumeric isType')],
])

/** Options that change only how times are read. */
export const options = words('location now')
