"""From a job to the steps that will run, in order, with everything decided."""
