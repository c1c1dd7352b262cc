"""Platform-neutral messages and answers, drawn for one platform each."""
