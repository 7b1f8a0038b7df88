"""Commands that answer one question about the models: recipes by short runs, input size, speed, masks to look at."""
