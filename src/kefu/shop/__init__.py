"""The merchant's back office, as a service of its own.

It answers every operation of the pack's ``backend-openapi.yaml`` over a SQLite database seeded from the
pack's ``shop/*.json``. It plays somebody else's system: nothing here imports the rest of Kefu, and Kefu
reaches it only over HTTP. :func:`kefu.shop.app.create_shop` is the way in.
"""
