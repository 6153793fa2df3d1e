"""How the backtest workbook looks: one file a sheet."""
