"""What a list of numbers is like. Fed by parameter name; the names of its arguments are those of the endpoint's parameters."""

from statistics import fmean, median, quantiles


def summarize(numbers, digits=2):
    print(f"{len(numbers)} numbers")
    low, _, high = quantiles(numbers, n=4, method="inclusive")
    return {
        "count": len(numbers),
        "mean": round(fmean(numbers), digits),
        "median": median(numbers),
        "middle_half": [round(low, digits), round(high, digits)],
    }


result = summarize
