"""klint in an editor: a language server. It lints texts as they are typed, and runs none of them."""
