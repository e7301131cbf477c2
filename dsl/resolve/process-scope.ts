import type { Broken, FieldNode, Name, ProcessNode, StageNode } from '../tree.ts'
import { addBrokenTo, Context } from './context.ts'
import { checkName } from './names.ts'
import { Names } from './namespace.ts'
import type { Scope } from './scope.ts'
import { fieldTypeOf, type Type, unknown, valueTypeOf } from './types.ts'

/** A process's own names: its fields with their types, and its stages. */
export class ProcessScope implements Scope {
  readonly context: Context
  readonly name: string
  /** The scopes of all processes, this one's among them. */
  readonly siblings: ReadonlyMap<string, ProcessScope>
  readonly fields: Names<FieldNode>
  readonly stageNames: Names<StageNode>
  /** Signals are declared nowhere: whoever sends one names it. */
  readonly signals: Names<never>
  readonly #types = new Map<string, Type>()

  /** `context` takes the problems: give each process's scope one context once. */
  constructor(context: Context, node: ProcessNode, name: string, siblings: ReadonlyMap<string, ProcessScope>) {
    this.siblings = siblings
    this.context = context
    this.name = name
    this.fields = new Names('field', name)
    this.stageNames = new Names('stage', name)
    this.signals = new Names('signal', name)
    for (const item of node.items) {
      if (item.kind === 'field') this.#add(this.fields, item)
      else if (item.kind === 'stage') this.#add(this.stageNames, item)
      else if (item.kind === 'broken') this.#addBroken(item)
    }
  }

  get values(): Names<FieldNode> {
    return this.fields
  }

  get stages(): readonly string[] {
    return [...this.stageNames.byName.keys()]
  }

  readonly typeOf = (name: string): Type | undefined => {
    const known = this.#types.get(name)
    if (known) return known
    const field = this.fields.byName.get(name)
    if (!field) return this.fields.incomplete ? unknown : undefined
    const type = field.kind === 'broken' ? undefined : fieldTypeOf(new Context(), field.type)
    const made = type ? valueTypeOf(type) : unknown
    this.#types.set(name, made)
    return made
  }

  readonly noSuchField = (name: Name, others: readonly string[]): void => {
    this.context.missing(this.fields, name, this.where, others)
  }

  readonly findStage = (name: Name): StageNode | undefined => this.context.find(this.stageNames, name, this.where)

  readonly mentionStage = (name: Name): void => {
    this.context.listener?.offered(name, [this.stageNames], [])
    this.context.lookUp(this.stageNames, name)
  }

  findField(name: Name): FieldNode | undefined {
    return this.context.find(this.fields, name, this.where)
  }

  get where(): string {
    return ` in process \`${this.name}\``
  }

  #add<T extends FieldNode | StageNode>(names: Names<T>, node: T): void {
    if (!node.name) {
      names.incomplete = true
      return
    }
    this.context.listener?.declared(names, node.name, node)
    const first = names.byName.get(node.name.text)
    if (first) this.context.twice(names.kind, node.name.text, node.name.span, first.name?.span ?? first.span)
    else {
      checkName(this.context, node.name, names.kind)
      names.byName.set(node.name.text, node)
    }
  }

  #addBroken(node: Broken): void {
    if (node.of === 'field') addBrokenTo(this.fields, node)
    else if (node.of === 'stage') addBrokenTo(this.stageNames, node)
    else if (node.of === undefined || node.of === 'final') {
      this.fields.incomplete = true
      this.stageNames.incomplete = true
    }
  }
}
