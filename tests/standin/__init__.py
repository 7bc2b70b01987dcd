"""A provider on loopback for each dialect, with scripted faults, that counts what it was asked to
make and what it would bill.

It speaks through the reading direction of the dialect, so it accepts exactly what is documented.
What goes wrong with an order is said in its prompt: `A door create=accept_close link=404_once`.

    python -m tests.standin runware --port 9001 --price 70000
"""
