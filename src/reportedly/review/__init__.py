"""The web app: a ledger read, checked, corrected and published in the browser. It never loads the model."""
