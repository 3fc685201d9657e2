"""Payment files: released orders that go to the bank together, each order in one file for ever."""

from __future__ import annotations

from events.catalog import stream_name
from events.payment import BankFileHandedOver, BankFileMade, FiledTransfer
from events.times import day_of
from services.deciding import Context, Decision, Refused, accept, refuse
from services.payment.commands import MakeBankFile, RecordHandover
from services.payment.decider.case import wrong_state, wrong_stream
from services.payment.state import Account, BankFile, Order


def make(state: BankFile, command: MakeBankFile, context: Context) -> Decision:
    """One file of orders that were released and go to the bank; that none is in another file is a key's to say."""
    if refused := wrong_stream(context, "bank-file", command.call, command.number):
        return refused
    if state.made is not None:
        return accept()
    if len(set(command.orders)) != len(command.orders):
        return refuse("P4", "order_twice", orders=[*command.orders])
    transfers = []
    for ident in command.orders:
        transfer = _transfer(ident, command, context)
        if isinstance(transfer, Refused):
            return transfer
        transfers.append(transfer)
    made = BankFileMade(
        call=command.call,
        number=command.number,
        # Follows from the call and the number alone, within the 35 characters of ISO 20022.
        message_id=context.id.replace("-", ""),
        execution=day_of(context.at),
        total_cents=sum(one.amount_cents for one in transfers),
        transfers=transfers,
    )
    return accept(made)


def hand_over(state: BankFile, command: RecordHandover) -> Decision:
    """The bank has it; hearing it twice changes nothing."""
    if state.made is None:
        return wrong_state(state)
    if state.status == "handed_over":
        return accept()
    made = state.made
    handed = BankFileHandedOver(
        call=made.call,
        number=made.number,
        message_id=made.message_id,
        digest=command.digest,
        total_cents=made.total_cents,
    )
    return accept(handed)


def _transfer(ident: str, command: MakeBankFile, context: Context) -> FiledTransfer | Refused:
    order = context.states.get(stream_name("payment-order", ident))
    if not isinstance(order, Order) or order.fact is None or order.fact.call != command.call:
        return refuse("STATE", "no_order_of_call", order=ident, call=command.call)
    fact = order.fact
    if order.status != "released" or not fact.net_cents:
        return refuse("STATE", "not_for_the_bank", order=ident, status=order.status, net_cents=fact.net_cents)
    account = context.states.get(stream_name("account", fact.case))
    if not isinstance(account, Account) or not account.parties:
        return refuse("STATE", "no_account", order=ident)
    return FiledTransfer(
        order=ident,
        case=fact.case,
        tranche=fact.tranche,
        end_to_end_id=fact.end_to_end_id,
        amount_cents=fact.net_cents,
        bank_account=fact.bank_account,
        creditor=account.beneficiary(context.at).name,
    )
