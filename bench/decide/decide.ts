import { once } from 'node:events'
import { transition } from 'xstate'
import { readWorkspace } from '../../dsl/workspace.ts'
import { type CaseState, compile, decide, type Machine, start } from '../../engine/index.ts'
import { begin } from '../../engine/turn.ts'
import { median } from '../median.ts'
import { peer } from '../peers.ts'
import type { BenchResult } from '../result.ts'
import { bpmn, stages, text } from './workspace.ts'

const rounds = 7
const clerk = { kind: 'staff', id: 'p', roles: ['clerk'] } as const
const clock = { now: '2026-06-01T10:00:00Z' }

/**
 * Decisions a second in memory on a process of twelve stages: state, effects and history of one move. Beside it XState's own
 * `transition(machine, machine.resolveState(…))` on the same machine, and `bpmn-engine` signalling the user tasks of the same flow.
 */
export async function bench(seconds: number): Promise<BenchResult> {
  const ours = ourMoves()
  const plain = plainTransitions()
  const theirs = await bpmnSignals()
  const share = seconds / rounds / 3
  const times: { ours: number; plain: number; theirs: number }[] = []
  for (let round = 0; round < rounds + 1; round++) {
    const measured = { ours: rate(ours, share), plain: rate(plain, share), theirs: await rateOf(theirs, share) }
    if (round > 0) times.push(measured)
  }
  const each = (of: (time: (typeof times)[number]) => number) => median(times.map(of))
  return {
    bench: 'decide',
    figures: {
      'decisions a second': each((time) => time.ours),
      'µs a decision': each((time) => 1e6 / time.ours),
      'XState transitions a second': each((time) => time.plain),
      'bpmn-engine signals a second': each((time) => time.theirs),
    },
    ratios: {
      'time of a plain transition': each((time) => time.plain / time.ours),
      'bpmn-engine': each((time) => time.ours / time.theirs),
    },
  }
}

function machineOf(): Machine {
  const { definition, problems } = readWorkspace([{ name: 'bench.zgoda', text }])
  if (!definition) throw new Error(JSON.stringify(problems))
  return compile(definition, 'order')
}

/** Moves a case from its first stage to its last, and begins anew; answers the number of decisions. */
function ourMoves(): () => number {
  const machine = machineOf()
  const begun = start(
    machine,
    { id: 'c', number: '1', client: { consents: {} } },
    { type: 'start', by: clerk, values: { price: 12 } },
    clock,
  )
  if (begun.outcome === 'refused') throw new Error(begun.because)
  return () => {
    let state: CaseState = begun.state
    for (const to of stages.slice(1)) {
      const decision = decide(machine, state, { type: 'move', by: clerk, to }, clock)
      if (decision.outcome === 'refused') throw new Error(decision.because)
      state = decision.state
    }
    if (state.ended !== 'success') throw new Error('the case has not come to its end')
    return stages.length - 1
  }
}

/** The same moves on the same machine by XState's own function, without what `decide` asks before and settles after. */
function plainTransitions(): () => number {
  const { chart, ...machine } = machineOf()
  const begun = start(
    { chart, ...machine },
    { id: 'c', number: '1', client: { consents: {} } },
    { type: 'start', by: clerk, values: { price: 12 } },
    clock,
  )
  if (begun.outcome === 'refused') throw new Error(begun.because)
  return () => {
    let { state } = begun
    for (const to of stages.slice(1)) {
      const turn = begin(state, { type: 'move', by: clerk, to }, clock.now, { type: 'move' })
      const [next] = transition(chart, chart.resolveState({ value: state.stage, context: { turn } }), {
        type: `move.${to}`,
      })
      state = next.context.turn.state
    }
    if (state.ended !== 'success') throw new Error('the case has not come to its end')
    return stages.length - 1
  }
}

interface Execution {
  signal(message: { id: string }): void
  waitFor?: unknown
}

interface BpmnEngine {
  execute(options: object): Promise<Execution>
  on(event: string, listener: () => void): void
}

/** Runs the flow once from start to end; answers the number of signals. */
async function bpmnSignals(): Promise<() => Promise<number>> {
  const { Engine } = await peer<{ Engine: new (options: object) => BpmnEngine }>('bpmn-engine')
  // The flow is read once, as ours is compiled once.
  const { default: moddle } = await peer<{ default: () => { fromXML(xml: string): Promise<object> } }>('bpmn-moddle')
  const moddleContext = await moddle().fromXML(bpmn)
  return async () => {
    const engine = new Engine({ name: 'bench', variables: { paid: true }, moddleContext })
    const ended = once(engine as never, 'end')
    const execution = await engine.execute({})
    for (const id of stages.slice(0, -1)) execution.signal({ id })
    await ended
    return stages.length - 1
  }
}

function rate(work: () => number, seconds: number): number {
  const started = performance.now()
  let done = 0
  while (performance.now() - started < seconds * 1000) done += work()
  return done / ((performance.now() - started) / 1000)
}

async function rateOf(work: () => Promise<number>, seconds: number): Promise<number> {
  const started = performance.now()
  let done = 0
  while (performance.now() - started < seconds * 1000) done += await work()
  return done / ((performance.now() - started) / 1000)
}
