"""What fills the account workbook: facts of one account, and a value for every named place."""
