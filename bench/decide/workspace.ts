/** A process of twelve stages, each left for the next by a move with a condition, and the same flow in BPMN. */
export const stages = Array.from({ length: 12 }, (_, index) => `s${index + 1}`)

const shared = `company "Bench" { address "1 Street"  email "bench@company.example" }
role clerk "Clerk" {}
letter note "On its way" { body "Order {{ case.number }} is on its way." }
`

export const text = `${shared}process order "Order" {
  access clerk: see, move, edit
  field price "Price" money
  field paid "Paid" yes/no default yes
  show price, paid
  edit price, paid
${stages
  .map((stage, index) =>
    index < stages.length - 1
      ? `  stage ${stage} "Stage ${index + 1}" {\n    move to ${stages[index + 1]} by clerk when paid\n    after 30 days go to s12\n  }`
      : `  final stage ${stage} "Stage ${index + 1}" success`,
  )
  .join('\n')}
}
`

/** Twelve user tasks in a row, each behind a gateway that looks at the same condition. */
export const bpmn = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="bench" targetNamespace="http://bpmn.io/schema/bpmn">
  <process id="order" isExecutable="true">
    <startEvent id="start" />
    <sequenceFlow id="f0" sourceRef="start" targetRef="s1" />
    ${stages
      .slice(0, -1)
      .map(
        (stage, index) => `<userTask id="${stage}" />
    <sequenceFlow id="a${index}" sourceRef="${stage}" targetRef="g${index}" />
    <exclusiveGateway id="g${index}" default="e${index}" />
    <sequenceFlow id="b${index}" sourceRef="g${index}" targetRef="${index < stages.length - 2 ? stages[index + 1] : 'end'}">
      <conditionExpression xsi:type="tFormalExpression">\${environment.variables.paid}</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="e${index}" sourceRef="g${index}" targetRef="end" />`,
      )
      .join('\n    ')}
    <endEvent id="end" />
  </process>
</definitions>`
