"""From a number to what to do: risks, positives, actions, goals, and sentences that tell them."""
