"""Excel on Windows, Mac and the web: custom functions over a server of one's own."""
