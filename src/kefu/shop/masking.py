"""What a caller without ``pii:read`` gets to see: masked phones, and addresses down to the district."""

from collections.abc import Mapping

from kefu.shop.schemas import Json

_HIDDEN = "***"


def mask_personal_data(body: Json) -> Json:
    """A copy of the body in which every ``phone`` and every address is masked, wherever it stands."""
    if body is None or isinstance(body, str | bool | int | float):
        return body
    if isinstance(body, Mapping):
        record = {name: mask_personal_data(value) for name, value in body.items()}
        if isinstance(phone := record.get("phone"), str):
            record["phone"] = mask_phone(phone)
        if "district" in record and "detail" in record:
            record["detail"] = _HIDDEN
        return record
    return [mask_personal_data(value) for value in body]


def mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}"
