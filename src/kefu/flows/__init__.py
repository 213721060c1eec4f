"""Flows: business procedures written as text, checked by line, and run by a pure interpreter.

A flow is one YAML file. It starts when one of its intents is understood, or when another flow calls it::

    flow: cancel_order
    title: {zh: 取消订单, en: Cancel an order}
    intents: [order_cancel]
    slots:
      order_id: {type: order_id, scope: conversation}
    steps:
      - id: which
        collect: order_id
        ask: cancel.which_order
      - id: look
        operation: orders.get
        arguments: {order_id: "{order_id}"}
        keep: order
        on: {order_not_found: unknown}
      - id: do
        operation: orders.cancel
        arguments: {order_id: "{order.order_id}", reason: other}
        confirm: cancel.confirm
        go: end
      - {id: unknown, say: order.not_found, go: end}

Steps
    ========== =========================================================================================
    collect    a slot's value: from what was said already, else by asking (`ask`, `retry`, `tries`,
               `failed`, `choices`)
    operation  a read, or a write after a yes to its `confirm`; `keep` names the result, `on` maps refusal
               codes and `refused`, `unavailable`, `unknown`, `declined`, `expired` to steps; in those
               steps `refusal.code` and `refusal.details` tell about a refusal
    branch     the first arm whose `when` holds; the last arm is the obligatory `else`
    say        a response; `each: {parcel: parcels}` says it once for every element
    answer     something from knowledge
    set        slots to values; `null` forgets a slot
    call       the steps of another flow, in place; its `end` comes back here
    hand_off   to a human, for a reason
    ========== =========================================================================================

    Every step but `branch` and `hand_off` goes on to `go`, by default the next step of the file. `go: end`
    ends the flow; in a called flow it returns to the caller, and `go: stop` ends both. `when` skips a step.
    Arguments that come out as null are left out of a call.

Slots
    `type` names what fits; `scope: conversation` remembers the value for later flows; `replaces` lists slots
    that a newly given value of this one makes obsolete. A run works on its own copy of what is remembered, so
    another flow in between cannot change what this one is about. A slot that is given another value takes the
    run back to before anything that depended on it, and drops the results kept since.

Expressions
    Comparisons (``== != < <= > >= in not in``), ``and or not``, ``+ - *``, fields and elements
    (``order.items[0].name``, ``order['from']``), numbers, texts, lists, ``true false null``, and the
    functions ``len(x)``, ``has(order.paid_at)`` (present and not null), ``default(order.points, 0)`` and
    ``before(now, order.pay_deadline)`` (instants, whatever their offset). Names are the flow's slots, its
    kept results, `customer` (`id`, `verified`, `name`, `locale`, `attributes`), `now` and `refusal`.
    Conditions, and what ``and or not`` join, are true or false and nothing else. A missing field or a wrong
    type is never false: the flow ends by its repair path, and a human takes over. ``"{expression}"`` as a
    whole value keeps the value's type; inside a text it is written out.
"""
