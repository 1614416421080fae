raw script
