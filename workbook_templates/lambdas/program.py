"""The functions themselves: LAMBDA formulas that score a row by what stands on *Lookup*.

They take the same steps as `scoring.one` does, in the same order. None of them holds a number of
the model, so all models have the same formulas. A value that was read is a number, or a text that
says why there is none: "" missing, "!" a number off its scale, "?" not readable.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FUNCTIONS", "HELPERS"]

HELPERS: Mapping[str, str] = {
    # A text reduced for matching, as `scoring.columns.normalise` does.
    "_HS_TEXT": """
        LAMBDA(text,
          REDUCE(LOWER(text),SEQUENCE(ROWS(_HS_LETTER)),LAMBDA(done,place,
            SUBSTITUTE(done,INDEX(_HS_LETTER,place),INDEX(_HS_COUNTS_AS,place)))))
    """,
    # What a cell holds for an input. An error cell is missing, never zero.
    "_HS_READ": """
        LAMBDA(input,cell,
          IF(ISERROR(cell),"",
            IF(ISNUMBER(cell),_HS_NUMBER(input,cell),
              IF(ISTEXT(cell),_HS_WORD(input,TRIM(SUBSTITUTE(cell,UNICHAR(160)," "))),
                IF(ISLOGICAL(cell),_HS_WORD(input,IF(cell,"true","false")),"")))))
    """,
    "_HS_NUMBER": """
        LAMBDA(input,number,
          LET(kind,INDEX(_HS_KIND,input),
            value,IF(kind="date",INT(number),number),
            IF(OR(kind="state",kind="segment",ABS(value)>INDEX(_HS_LARGEST,input)),"!",
              _HS_VALID(input,value,"!"))))
    """,
    "_HS_VALID": """
        LAMBDA(input,value,otherwise,
          IF(OR(value<INDEX(_HS_LOW,input),value>INDEX(_HS_HIGH,input),
              AND(INDEX(_HS_KIND,input)="count",value<>INT(value))),
            otherwise,value))
    """,
    # A typed word: of a state, of a segment, none at all, or a number that was typed as text.
    "_HS_WORD": """
        LAMBDA(input,text,
          LET(kind,INDEX(_HS_KIND,input),
            word,IF(text="true","yes",IF(text="false","no",text)),
            blank,OR(text="",ISNUMBER(XMATCH(text,_HS_NO_VALUE))),
            found,IF(kind="state",
              XLOOKUP(input&"|"&word,_HS_STATE,_HS_STATE_POINTS,
                XLOOKUP(input&"|"&_HS_TEXT(word),_HS_STATE_TEXT,_HS_STATE_POINTS,"?")),
              IF(kind="segment",XLOOKUP(_HS_TEXT(text),_HS_SEGMENT,_HS_SEGMENT_NUMBER,"?"),"?")),
            IF(ISNUMBER(found),found,
              IF(blank,"",
                IF(OR(kind="state",kind="segment"),"?",
                  IF(kind="date",_HS_DATED(text),_HS_TYPED(input,text)))))))
    """,
    # 2026-01-31; any other text may be a different day in another country.
    "_HS_DATED": """
        LAMBDA(text,
          IFERROR(
            LET(month,VALUE(MID(text,6,2)),day,VALUE(RIGHT(text,2)),
              number,DATE(VALUE(LEFT(text,4)),month,day),
              IF(AND(LEN(text)=10,MID(text,5,1)="-",MID(text,8,1)="-",
                  MONTH(number)=month,DAY(number)=day),number,"?")),
            "?"))
    """,
    # 67.95, -3, 48%: digits, one point, a sign in front, a per cent sign where a share belongs.
    "_HS_TYPED": """
        LAMBDA(input,text,
          LET(percent,RIGHT(text)="%",
            bare,SUBSTITUTE(IF(percent,TRIM(LEFT(text,LEN(text)-1)),text),"−","-"),
            signed,OR(LEFT(bare)="-",LEFT(bare)="+"),
            digits,IF(signed,MID(bare,2,LEN(bare)),bare),
            rest,REDUCE(digits,SEQUENCE(10),LAMBDA(left,place,SUBSTITUTE(left,place-1,""))),
            share,INDEX(_HS_KIND,input)="share",
            IF(OR(AND(rest<>"",rest<>"."),LEN(digits)=LEN(rest),AND(percent,NOT(share))),"?",
              LET(value,IF(LEFT(bare)="-",-1,1)*NUMBERVALUE(digits,".",",")/IF(percent,100,1),
                IF(AND(NOT(percent),ABS(value)>INDEX(_HS_LARGEST,input)),"?",
                  _HS_VALID(input,value,"?"))))))
    """,
    # Where each input stands under a header row or column; 0 where it does not. Of two columns
    # that a ratio follows from, one alone says nothing.
    "_HS_PLACES": """
        LAMBDA(texts,
          LET(inputs,MAP(texts,LAMBDA(text,
              IF(text="",0,XLOOKUP(text,_HS_HEADER,_HS_HEADER_INPUT,0)))),
            MAP(_HS_INPUT,_HS_PARTNER,LAMBDA(input,partner,
              IF(AND(partner>0,ISNA(XMATCH(partner,inputs))),0,IFNA(XMATCH(input,inputs),0))))))
    """,
    # What an input follows from where the row does not give it: a ratio, or days from a date.
    "_HS_FOLLOWS": """
        LAMBDA(input,raw,
          LET(way,INDEX(_HS_FOLLOWS_BY,input),
            IF(way="","",
              LET(first,INDEX(raw,INDEX(_HS_FIRST,input)),
                second,INDEX(raw,INDEX(_HS_SECOND,input)),
                value,IF(NOT(AND(ISNUMBER(first),ISNUMBER(second))),"",
                  IF(way="ratio",IF(second>0,first/second,""),
                    IF(way="since",TODAY()-first,first-TODAY()))),
                IF(value="","",_HS_VALID(input,value,"!"))))))
    """,
    "_HS_IS_OLD": """
        LAMBDA(input,raw,
          LET(place,INDEX(_HS_AS_OF,input),
            IF(place=0,FALSE,
              LET(own,INDEX(raw,place),
                day,IF(ISNUMBER(own),own,INDEX(raw,_HS_DATA_AS_OF)),
                IF(ISNUMBER(day),TODAY()-day>INDEX(_HS_MAX_AGE,input),FALSE)))))
    """,
    # Points 0 to 100 of an input: straight lines between the breakpoints of its curve.
    "_HS_POINTS": """
        LAMBDA(input,raw,
          LET(own,INDEX(raw,input),
            value,IF(own="",_HS_FOLLOWS(input,raw),own),
            IF(NOT(ISNUMBER(value)),value,
              IF(_HS_IS_OLD(input,raw),"",
                LET(from,INDEX(_HS_FROM,input,0),to,INDEX(_HS_TO,input,0),
                  INDEX(_HS_START,input)+SUM(INDEX(_HS_SLOPE,input,0)*
                    ((value>=to)*(to-from)+(value>from)*(value<to)*(value-from))))))))
    """,
    # A dimension's score from its metrics: what is missing by the policy, then a whole rating.
    "_HS_COMPUTED": """
        LAMBDA(seen,earned,
          LET(mean,IF(_HS_FILL="",IF(seen>0,earned/seen,""),earned+(1-seen)*_HS_FILL),
            IF(mean="","",IF(_HS_RATED=1,20*INT(1+0.04*mean+0.500000001),mean))))
    """,
    # The score from points of metrics and typed dimensions; with a dimension's number, its own.
    "_HS_TOTAL": """
        LAMBDA(points,typed,weights,age,which,
          LET(known,IF(points="",0,points),
            seen,MAP(_HS_NUMBERS,LAMBDA(number,
              SUM((_HS_DIMENSION=number)*_HS_SHARE*(points<>"")))),
            earned,MAP(_HS_NUMBERS,LAMBDA(number,SUM((_HS_DIMENSION=number)*_HS_SHARE*known))),
            scores,IF(typed="",MAP(seen,earned,_HS_COMPUTED),typed),
            coverage,SUM(weights*IF(typed="",seen,1))/SUM(weights),
            needed,IF(AND(ISNUMBER(age),age<=_HS_PARTIAL_DAYS),
              MIN(_HS_MIN_COVERAGE,_HS_PARTIAL_COVERAGE),_HS_MIN_COVERAGE),
            IF(which>0,IF(INDEX(scores,which)="",NA(),INDEX(scores,which)),
              IF(AND(ISNUMBER(age),age<=_HS_NEUTRAL_DAYS),_HS_NEUTRAL_SCORE,
                IF(OR(coverage<=0,coverage<needed-0.000000001),NA(),
                  SUM(weights*IF(scores="",0,scores))/SUM(weights*(scores<>"")))))))
    """,
    # One account: the row or column of that number, where each input stands in it, its segment.
    "_HS_ACCOUNT": """
        LAMBDA(values,upright,number,places,segment,which,
          LET(raw,MAP(places,_HS_INPUT,LAMBDA(place,input,
              IF(OR(place=0,AND(input=_HS_SEGMENT_INPUT,OR(segment>0,_HS_SEGMENTED=0))),"",
                IF(ROWS(values)*COLUMNS(values)=1,_HS_READ(input,values),
                  IF(upright,_HS_READ(input,INDEX(values,place,number)),
                    _HS_READ(input,INDEX(values,number,place))))))),
            points,MAP(_HS_METRICS,LAMBDA(input,_HS_POINTS(input,raw))),
            typed,MAP(_HS_TYPED_INPUTS,LAMBDA(input,_HS_POINTS(input,raw))),
            start,INDEX(raw,_HS_START_INPUT),
            age,IF(ISNUMBER(start),TODAY()-start,""),
            own,INDEX(raw,_HS_SEGMENT_INPUT),
            column,1+IF(segment>0,segment,IF(ISNUMBER(own),own,0)),
            weights,IF(AND(ISNUMBER(age),age<=_HS_ONBOARDING_DAYS),
              _HS_ONBOARDING,INDEX(_HS_WEIGHTS,0,column)),
            IF(OR(raw="?"),#VALUE!,
              IF(OR(raw="!",points="!"),#NUM!,
                _HS_TOTAL(points,typed,weights,age,which)))))
    """,
    # Number of the last account that has anything filled in: people give more rows than they use.
    "_HS_FILLED": """
        LAMBDA(values,upright,
          MAX(IFERROR(values<>"",TRUE)*
            IF(upright,SEQUENCE(1,COLUMNS(values)),SEQUENCE(ROWS(values)))))
    """,
    # One account or many: a result each, as a column.
    "_HS_RUN": """
        LAMBDA(which,values,headers,model,segment,
          LET(texts,IFERROR(_HS_TEXT(headers),""),
            named,OR(texts<>""),
            upright,IF(named,ROWS(headers)>1,
              AND(COLUMNS(values)=1,ROWS(values)=ROWS(_HS_NUMBERS))),
            size,IF(upright,ROWS(values),COLUMNS(values)),
            wanted,IF(named,ROWS(headers)*COLUMNS(headers),ROWS(_HS_NUMBERS)),
            chosen,IF(ISERROR(segment),-1,
              IF(segment="",0,XLOOKUP(_HS_TEXT(segment),_HS_SEGMENT,_HS_SEGMENT_NUMBER,-1))),
            places,IF(named,_HS_PLACES(texts),_HS_UNNAMED),
            IF(OR(size<>wanted,MIN(ROWS(headers),COLUMNS(headers))>1,chosen<0,
                _HS_OTHER_MODEL(model),_HS_MATCHED(places)=0),
              #VALUE!,
              LET(count,IF(upright,COLUMNS(values),ROWS(values)),
                last,IF(count=1,1,_HS_FILLED(values,upright)),
                MAP(SEQUENCE(count),LAMBDA(number,
                  IF(number>last,"",
                    _HS_ACCOUNT(values,upright,number,places,chosen,which))))))))
    """,
    # How many inputs of the score are given, or follow from what is given.
    "_HS_MATCHED": """
        LAMBDA(places,
          SUM((places>0)*_HS_SCORED)+SUM(MAP(_HS_METRICS,LAMBDA(input,
            IF(INDEX(_HS_FOLLOWS_BY,input)="",0,
              (INDEX(places,INDEX(_HS_FIRST,input))>0)*
              (INDEX(places,INDEX(_HS_SECOND,input))>0))))))
    """,
    "_HS_OTHER_MODEL": """
        LAMBDA(model,
          IF(SUM(LEN(model)*0+1)>1,TRUE,AND(model<>"",model<>_HS_MODEL)))
    """,
    "_HS_TIER": """
        LAMBDA(score,
          LET(read,_HS_READ(_HS_SCORE_INPUT,score),
            IF(ISERROR(score),score,
              IF(read="","",
                IF(read="?",#VALUE!,
                  IF(OR(read="!",read<-0.000000001,read>100.000000001),#NUM!,
                    LET(shown,INT(read+0.500000001),
                      IF(shown>=_HS_GREEN,_HS_GREEN_WORD,
                        IF(shown>=_HS_AMBER,_HS_AMBER_WORD,_HS_RED_WORD)))))))))
    """,
}

FUNCTIONS: Mapping[str, str] = {
    "HEALTH_SCORE": """
        LAMBDA(values,[headers],[model],[segment],
          _HS_RUN(0,values,IF(ISOMITTED(headers),{""},headers),IF(ISOMITTED(model),"",model),
            IF(ISOMITTED(segment),"",segment)))
    """,
    "HEALTH_TIER": """
        LAMBDA(score,[model],
          IF(_HS_OTHER_MODEL(IF(ISOMITTED(model),"",model)),#VALUE!,
            IF(IFERROR(ROWS(score)*COLUMNS(score),1)=1,_HS_TIER(score),MAP(score,_HS_TIER))))
    """,
    "DIMENSION_SCORE": """
        LAMBDA(dimension,values,[headers],[model],[segment],
          LET(which,XLOOKUP(_HS_TEXT(dimension),_HS_DIMENSION_TEXT,_HS_DIMENSION_NUMBER,0),
            IF(which=0,#VALUE!,
              _HS_RUN(which,values,IF(ISOMITTED(headers),{""},headers),
                IF(ISOMITTED(model),"",model),IF(ISOMITTED(segment),"",segment)))))
    """,
}
"""What people type; arguments are those of the cell functions of the same name."""
